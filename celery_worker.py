"""Celery's entry: `celery -A celery_worker worker --beat`, where REGISTRY_CELERY_BROKER is set."""

from registry.app import create_app
from registry.jobs import celery_handover

celery = celery_handover.worker(create_app())
