"""Jingxi."""
