"""Pages of the first screen and of figures. 总览页面."""

from .install import install

__all__ = ["install"]
