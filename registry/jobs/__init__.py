"""Work that is done after the commit: rows with leases, an embedded worker, hand-over to Celery, the daily run.

后台任务。
"""
