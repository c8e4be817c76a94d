"""Talent workstations that localities run at a university: founders, activities, yearly assessment. 人才工作站."""
