"""Model texts: reading them, filling them in, and laying the result out as plain data. 协议示范文本。"""
