"""Plumbing between HTTP and services: forms, schemas, paging, errors, headers, who may call what. 网页公共部分."""
