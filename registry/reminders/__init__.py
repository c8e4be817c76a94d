"""What falls due and who is told: rules, sources, one reminder for each date and person, a digest a day. 提醒."""
