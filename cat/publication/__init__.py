"""How does a bank become something that exams can run on?"""
