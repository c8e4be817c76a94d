"""What a briefing says: figures kept at a month's end, sentences, annexes, PDF and Word. 专报。"""
