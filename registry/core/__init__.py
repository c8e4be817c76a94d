"""What every package stands on: database, configuration, errors, languages, dates, figures, access, web plumbing. 公共基础."""
