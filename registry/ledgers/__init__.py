"""Ledgers as spreadsheets: templates out, messy files in, each row looked at before anything is kept. 台账导入导出."""
