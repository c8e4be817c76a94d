"""Recruitment fairs, talks, live streams, matchmaking, launches, ceremonies, and their figures. 招聘活动与各类活动."""
