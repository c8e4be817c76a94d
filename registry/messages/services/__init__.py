"""Changing messages and how they leave; each function runs in the caller's transaction. 消息服务."""

from .sending import people_of, send, send_all, tell

__all__ = ["people_of", "send", "send_all", "tell"]
