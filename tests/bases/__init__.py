"""Traineeship and internship bases."""
