"""The calendar feed: what falls due for one person, at an address that only they know. 日历订阅."""
