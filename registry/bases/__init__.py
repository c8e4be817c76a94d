"""Bases for traineeships and internships: whose, of which level, how many places, who stayed. 见习与实习基地."""
