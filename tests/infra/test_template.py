"""What an operator relies on, read from the packaged template: privacy, least privilege, limits, cost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from functions.http.settings import Settings

EVERYTHING = {
    "architecture": "x86_64",
    "memory": 1769,
    "concurrency": 5,
    "functionUrl": "true",
    "bucketName": "my-audio",
    "objectDays": 3,
    "corsOrigins": "https://a.example,https://b.example",
    "apiDomain": "tts.example.com",
    "apiCertificate": "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d",
    "audioDomain": "audio.example.com",
    "audioCertificate": "arn:aws:acm:us-east-1:123456789012:certificate/4e5f6a7b",
    "alarmEmail": "ops@example.com",
}


@pytest.fixture(scope="module")
def everything(package) -> Path:
    return package(**EVERYTHING)


def of_type(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [r["Properties"] for r in template["Resources"].values() if r["Type"] == kind]


def variables(template: dict[str, Any]) -> dict[str, Any]:
    return of_type(template, "AWS::Lambda::Function")[0]["Environment"]["Variables"]


def statements(template: dict[str, Any]) -> list[dict[str, Any]]:
    (role,) = of_type(template, "AWS::IAM::Role")
    assert "ManagedPolicyArns" not in role
    return [s for policy in role["Policies"] for s in policy["PolicyDocument"]["Statement"]]


def test_templates_pass_the_linter(packaged, everything):
    linter = Path(sys.executable).with_name("cfn-lint")
    if not linter.exists():
        pytest.skip("cfn-lint is not in this environment")
    # W3005 is a DependsOn that the framework itself writes needlessly.
    command = [linter, "--ignore-checks", "W3005", "--template", packaged, everything]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_audio_is_private(template):
    bucket = template["Resources"]["AudioBucket"]["Properties"]
    assert bucket["PublicAccessBlockConfiguration"] == dict.fromkeys(
        ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
    )
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    (policy,) = [p for p in of_type(template, "AWS::S3::BucketPolicy") if p["Bucket"] == {"Ref": "AudioBucket"}]
    (only,) = policy["PolicyDocument"]["Statement"]
    assert only["Effect"] == "Deny" and only["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_audio_expires_and_half_uploads_go(template):
    rules = template["Resources"]["AudioBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert all(rule["Status"] == "Enabled" for rule in rules)
    (expiry,) = [rule for rule in rules if "ExpirationInDays" in rule]
    assert expiry["Prefix"] == "speech/" and str(expiry["ExpirationInDays"]) == variables(template)["SAMBERT_OBJECT_DAYS"]
    assert any(rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation") == 1 for rule in rules)


def test_the_function_may_read_and_write_speech_and_nothing_else(template):
    logs, storage = [], []
    for statement in statements(template):
        assert statement["Effect"] == "Allow"
        for action in statement["Action"]:
            assert "*" not in action
            (logs if action.startswith("logs:") else storage).append(action)
        if statement["Action"][0].startswith("s3:"):
            assert statement["Resource"] == {"Fn::Sub": "${AudioBucket.Arn}/speech/*"}
        else:
            assert "log-group:/aws/lambda/sambert-lambda-dev" in json.dumps(statement["Resource"])
    assert sorted(storage) == ["s3:GetObject", "s3:PutObject"]


def test_keys_lie_where_the_role_and_the_lifecycle_look():
    service = pytest.importorskip("functions.http.service", reason="the run-time packages are not in this environment")
    job = service.Job(request=None, voice=None, format="mp3", sample_rate=16000, marks="srt", digest="0" * 64)
    assert job.key.startswith("speech/") and job.marks_key.startswith("speech/")


def test_the_function_is_one_small_image(template):
    (function,) = of_type(template, "AWS::Lambda::Function")
    assert function["PackageType"] == "Image"
    assert (function["MemorySize"], function["Timeout"], function["Architectures"]) == (1536, 29, ["arm64"])
    assert "ReservedConcurrentExecutions" not in function
    (group,) = of_type(template, "AWS::Logs::LogGroup")
    assert group["RetentionInDays"] == 14


@pytest.mark.parametrize("architecture, platform", [("arm64", "linux/arm64"), ("x86_64", "linux/amd64")])
def test_the_image_is_built_for_the_functions_processor(run_osls, architecture, platform):
    service = json.loads(run_osls("print", "--format", "json", architecture=architecture))
    build = service["provider"]["ecr"]["images"]["http"]
    assert (build["path"], build["file"], build["platform"]) == ("./", "infra/Dockerfile", platform)
    assert build["provenance"] == "false"  # Lambda refuses an image with BuildKit's attestations


def test_the_api_takes_every_path_and_has_a_ceiling(template):
    (route,) = of_type(template, "AWS::ApiGatewayV2::Route")
    assert route["RouteKey"] == "$default"
    (integration,) = of_type(template, "AWS::ApiGatewayV2::Integration")
    assert integration["PayloadFormatVersion"] == "2.0"
    (stage,) = of_type(template, "AWS::ApiGatewayV2::Stage")
    assert stage["DefaultRouteSettings"] == {"ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 40}
    assert not of_type(template, "AWS::Lambda::Url")


def test_the_function_accepts_the_settings_it_gets(template, everything):
    for one in (template, json.loads(everything.read_text())):
        resolved = {"SAMBERT_BUCKET": "audio", "SAMBERT_S3_PUBLIC_ENDPOINT": "https://audio.example.com"}
        given = {**variables(one), **resolved}
        settings = Settings.from_env(given)
        known = {f"SAMBERT_{name.upper()}" for name in Settings.__dataclass_fields__}
        assert set(given) <= known
        assert settings.url_seconds < settings.object_days * 86400


def test_nothing_optional_costs_anything_by_default(template):
    optional = {name for name, resource in template["Resources"].items() if "Condition" in resource}
    kinds = {template["Resources"][name]["Type"] for name in optional}
    assert {"AWS::CloudWatch::Alarm", "AWS::CloudFront::Distribution", "AWS::ApiGatewayV2::DomainName"} <= kinds
    for condition in {template["Resources"][name]["Condition"] for name in optional}:
        (equals,) = template["Conditions"][condition]["Fn::Not"]
        option, empty = equals["Fn::Equals"]
        assert template["Parameters"][option["Ref"]]["Default"] == empty == ""


def test_parameters_arrive(everything):
    template = json.loads(everything.read_text())
    (function,) = of_type(template, "AWS::Lambda::Function")
    assert (function["MemorySize"], function["Architectures"]) == (1769, ["x86_64"])
    assert function["ReservedConcurrentExecutions"] == 5
    bucket = template["Resources"]["AudioBucket"]["Properties"]
    assert bucket["CorsConfiguration"]["CorsRules"][0]["AllowedOrigins"] == {"Fn::Split": [",", EVERYTHING["corsOrigins"]]}
    assert variables(template)["SAMBERT_CORS_ORIGINS"] == EVERYTHING["corsOrigins"]
    assert str(bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"]) == "3"
    # A public function URL answers 403 unless both are granted.
    public = {p["Action"] for p in of_type(template, "AWS::Lambda::Permission") if p["Principal"] == "*"}
    assert public == {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
    defaults = {name: parameter["Default"] for name, parameter in template["Parameters"].items()}
    assert defaults["ApiDomainOption"] == "tts.example.com" and defaults["AlarmEmailOption"] == "ops@example.com"


def test_a_distribution_leaves_the_signature_to_s3(template):
    assert variables(template)["SAMBERT_S3_PUBLIC_ENDPOINT"] == {
        "Fn::If": ["HasAudioDomain", {"Fn::Sub": "https://${AudioDomainOption}"}, ""]
    }
    (distribution,) = of_type(template, "AWS::CloudFront::Distribution")
    behaviour = distribution["DistributionConfig"]["DefaultCacheBehavior"]
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    # AWS's own policies by their published ids: CachingDisabled, AllViewerExceptHostHeader.
    assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert behaviour["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
