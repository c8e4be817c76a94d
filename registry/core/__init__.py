"""What every package stands on: database, configuration, errors, languages, dates, access, web plumbing. 公共基础."""
