"""Finding cases by words and by a small language (R7): `is:overdue ams:TH,VN -sector:ev officer:me before:2026-03`."""
