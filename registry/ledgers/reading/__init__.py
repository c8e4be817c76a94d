"""Reading a spreadsheet that people made, without any database: cells, headings, rows. 表格识读."""
