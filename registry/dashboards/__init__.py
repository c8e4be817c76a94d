"""The first screen and figures. 总览。"""
