"""What the registry says to people: the message centre, their e-mail, their office's group chats. 消息."""
