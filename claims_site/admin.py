"""The page where people make tokens for programs of theirs, and take them back."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from claims_site.tokens import LONGEST, make_token
from evidence.models import Token


class TokenForm(forms.ModelForm):
    """What a new token is for, and for how long."""

    days = forms.IntegerField(
        min_value=1,
        max_value=LONGEST,
        initial=90,
        label="Good for",
        help_text=f"Days, {LONGEST} at most. Afterwards it is refused.",
    )

    class Meta:
        model = Token
        fields = ("label", "read_only")


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):
    """Everybody's own tokens; who manages users sees those of others too, and may take them back."""

    form = TokenForm
    list_display = ("token_key", "label", "read_only", "created", "expiry", "is_good", "user")
    list_display_links = None
    list_select_related = ("user",)
    search_fields = ("label", "token_key", "user__username")

    @admin.display(boolean=True, description="good")
    def is_good(self, token: Token) -> bool:
        """Whether it is taken still."""
        return token.expiry is None or token.expiry > timezone.now()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Token]:
        rows: QuerySet[Token] = super().get_queryset(request)
        return rows if _manages_users(request) else rows.filter(user=request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        return self.has_module_permission(request) and self._concerns(request, obj)

    has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> Token:
        """Make it, for whoever is signed in."""
        said = {name: form.cleaned_data[name] for name in ("days", "read_only", "label")}
        kept, shown = make_token(name=request.user.get_username(), **said)
        kept.__dict__["shown"] = shown
        return kept

    def save_model(self, request: HttpRequest, obj: Token, form: forms.ModelForm, change: bool) -> None:
        """It is stored already."""

    def save_related(self, *_: object) -> None:
        """Nothing else belongs to it."""

    def response_add(
        self, request: HttpRequest, obj: Token, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show it, this once; not by way of another page, for what leads there keeps it in a cookie."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "New token",
            "made": obj,
        }
        return TemplateResponse(request, "admin/token_made.html", context)

    def _concerns(self, request: HttpRequest, token: Token | None) -> bool:
        return token is None or token.user_id == request.user.pk or _manages_users(request)


def _manages_users(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("auth.change_user"))
