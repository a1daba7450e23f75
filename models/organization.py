"""Organizations that serve categories in communities or grids, and the people who act for them."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.area import Area, Community, Grid
from models.category import Category
from models.fields import EncryptedText, enum_field
from models.people import OnLeave, Resident
from models.types import Role


class Organization(OnLeave):
    """社会组织 with its workload cap, while it is away its deputy organization stands in."""

    id = fields.BigIntField(primary_key=True)
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="organizations", on_delete=fields.RESTRICT
    )
    area_id: int
    name = fields.CharField(max_length=64, unique=True)
    phone = fields.CharField(max_length=32, default="", description="public office number")
    cap = fields.IntField(default=50, description="open appeals at once")
    deputy: fields.ForeignKeyNullableRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name="stands_in_for", null=True, on_delete=fields.SET_NULL
    )
    deputy_id: int | None
    active = fields.BooleanField(default=True)

    class Meta:
        table = "organization"


class OrganizationMember(OnLeave):
    """组织成员: a person who acts for an organization."""

    id = fields.BigIntField(primary_key=True)
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name="members", on_delete=fields.RESTRICT
    )
    organization_id: int
    resident: fields.ForeignKeyNullableRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="organization_posts", null=True, on_delete=fields.RESTRICT
    )
    resident_id: int | None
    role: Role = enum_field(Role, default=Role.ORGANIZATION_MEMBER)
    title = fields.CharField(max_length=32)
    name = EncryptedText(default="")
    phone = EncryptedText(default="")
    phone_hash = fields.CharField(max_length=64, null=True)
    active = fields.BooleanField(default=True)

    class Meta:
        table = "organization_member"
        indexes = (("organization_id",), ("resident_id",))


class ServiceProject(Model):
    """服务项目: what an organization was paid to do, and when."""

    id = fields.BigIntField(primary_key=True)
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name="projects", on_delete=fields.RESTRICT
    )
    organization_id: int
    name = fields.CharField(max_length=64)
    starts_on = fields.DateField()
    ends_on = fields.DateField()

    class Meta:
        table = "service_project"


class ServiceScope(Model):
    """One thing an organization serves: a category in a grid, a community or a whole area."""

    id = fields.BigIntField(primary_key=True)
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name="scopes", on_delete=fields.RESTRICT
    )
    organization_id: int
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "models.Category", related_name="scopes", on_delete=fields.RESTRICT
    )
    category_id: int
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="scopes", null=True, on_delete=fields.RESTRICT
    )
    area_id: int | None
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", related_name="scopes", null=True, on_delete=fields.RESTRICT
    )
    community_id: int | None
    grid: fields.ForeignKeyNullableRelation[Grid] = fields.ForeignKeyField(
        "models.Grid", related_name="scopes", null=True, on_delete=fields.RESTRICT
    )
    grid_id: int | None
    project: fields.ForeignKeyNullableRelation[ServiceProject] = fields.ForeignKeyField(
        "models.ServiceProject", related_name="scopes", null=True, on_delete=fields.RESTRICT
    )
    project_id: int | None

    class Meta:
        table = "service_scope"
        indexes = (("category_id", "community_id"), ("category_id", "grid_id"), ("category_id", "area_id"))
