"""What all packages stand on: database, settings, errors, languages, dates, figures, access, web plumbing. 公共基础."""
