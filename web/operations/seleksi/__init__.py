"""From finished sesi to lawful decisions: every act of a year's selection after the exam."""
