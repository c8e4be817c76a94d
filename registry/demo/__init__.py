"""Demonstration data, made only by calling the services as the people who would. 演示数据。

Everything is marked 演示; people are plainly fictional; what the news reports do not say stays empty.
"""
