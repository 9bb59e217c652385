"""The AWS packages that are installed here: API models of botocore, resource schemas of cfn-lint, files of all."""

from importlib.metadata import version

from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import Loader
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

from facts.checks import Json
from facts.packages import MissingError, file_text

NAMES = ("botocore", "cfn-lint", "awscli", "aws-xray-sdk")
# Schemas differ little between Regions; this one has all types.
_REGION = "us-east-1"


class Installed:
    """Looks into what is installed; botocore and cfn-lint keep what they have read."""

    def __init__(self) -> None:
        """Look for models in botocore alone, not among those that somebody has in ~/.aws."""
        self._loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)

    def model(self, service: str) -> Json:
        """Return the newest model of a service's API."""
        try:
            model: Json = self._loader.load_service_model(service, "service-2")
        except (UnknownServiceError, DataNotFoundError) as error:
            hint = "name the service as `aws` does on the command line; ELB is elbv2, CloudWatch Logs is logs"
            raise MissingError(f"botocore has no service {service}", hint) from error
        return model

    def schema(self, kind: str) -> Json:
        """Return the schema of a type of CloudFormation resource."""
        try:
            schema: Json = PROVIDER_SCHEMA_MANAGER.get_resource_schema(_REGION, kind).schema
        except ResourceNotFoundError as error:
            hint = "name a type as templates do: AWS::SQS::Queue"
            raise MissingError(f"cfn-lint has no type {kind}", hint) from error
        return schema

    def text(self, file: str) -> str:
        """Return the text of a file of an installed package."""
        return file_text(file)


def versions() -> str:
    """Return the packages with their versions, for people."""
    return ", ".join(f"{name} {version(name)}" for name in NAMES)
