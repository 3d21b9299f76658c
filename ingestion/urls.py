"""Addresses of the ingestion room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
