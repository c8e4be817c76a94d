"""Visits: follow-up, to employers, in the field, reciprocal; what was found and what became of it. 回访与走访."""
