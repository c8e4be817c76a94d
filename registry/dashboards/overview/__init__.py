"""What leaders see on one screen, and how it is put together of figures. 领导总览。"""
