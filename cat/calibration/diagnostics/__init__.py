"""What in the answers does a calibration fail to explain, and about whom or which item?"""
