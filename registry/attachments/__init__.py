"""Files beside any business record: photos, minutes, letters. Whoever sees the record sees them. 业务记录的附件。

It knows no kind of record: the packages above register theirs (`subjects.attachable`). 可见范围与所属记录相同。
"""
