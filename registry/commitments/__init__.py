"""Promises of signed agreements: who owes what to whom, what was reported, what the other side verified. 承诺兑现."""
