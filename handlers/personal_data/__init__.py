"""个人信息: a customer asks for a copy of what the bank holds of them; registered, agreed, made, answered in time."""
