from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0002_guards')]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name='PlaceName',
            options={'table': 'place_name', 'app': 'models', 'unique_together': (('community', 'name', 'grid'),), 'pk_attr': 'id', 'table_description': '地名: what a place in a grid is called, with what else people call it.'},
        ),
        ops.AddField(
            model_name='PlaceName',
            name='aliases',
            field=fields.JSONField(default=list, description='other names of the place', db_default=[], encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
