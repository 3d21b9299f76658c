"""Addresses of the assistant room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
