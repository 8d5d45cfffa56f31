"""The table of contents of the web site."""

from django.urls import path

from zhiyuanhong.pages.public import trial

urlpatterns = [
    path("", trial.home, name="home"),
    path("trial/", trial.trial, name="trial"),
    path("trial/template.xlsx", trial.template, name="trial_template"),
]
