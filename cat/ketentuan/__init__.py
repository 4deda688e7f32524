"""What do the rules make of the result? Ambang batas, peringkat, integrasi, kerja fleksibel."""
