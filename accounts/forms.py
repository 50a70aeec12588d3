"""Forms of the account pages."""

from __future__ import annotations

from django import forms


class ConsentAnswerForm(forms.Form):
    """The answer to the consent question, with the version of the text that was shown."""

    answer = forms.ChoiceField(choices=[("allow", "allow"), ("without", "without")])
    version = forms.IntegerField()
    next = forms.CharField(required=False)
