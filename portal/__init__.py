"""Ruang Aman: reports and cases of violence against women and children."""
