"""Outside → inputs: what is typed into the forms of agreements. 输入校验."""
