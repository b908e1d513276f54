"""The Kubernetes objects: they fit each other, run as nobody, are watched, bounded, and stop gracefully."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.deploy.manifests import KUBERNETES, REFERENCE, documents, kubernetes_containers, of_kind, pods

PODS = list(pods())
each_pod = pytest.mark.parametrize(("name", "template"), PODS, ids=[name for name, _ in PODS])
each = pytest.mark.parametrize("container", kubernetes_containers(), ids=lambda one: one.name)
VERSIONS = {
    "ConfigMap": "v1",
    "Service": "v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "Deployment": "apps/v1",
    "PodDisruptionBudget": "policy/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
}


def deployment(name):
    [found] = [document for document in of_kind("Deployment") if document["metadata"]["name"] == name]
    return found


def matches(labels, selector):
    plain = selector.get("matchLabels", {}).items() <= labels.items()
    return plain and all(labels.get(rule["key"]) in rule["values"] for rule in selector.get("matchExpressions", []))


def test_every_object_has_its_version_and_a_name_of_its_own():
    assert {document["kind"]: document["apiVersion"] for document in documents()} == VERSIONS
    names = [(document["kind"], document["metadata"]["name"]) for document in documents()]
    assert len(names) == len(set(names))
    assert all("namespace" not in document["metadata"] for document in documents())


def test_the_kustomization_lists_every_file():
    found = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())
    assert sorted(found["resources"]) == sorted(
        file.name for file in KUBERNETES.glob("*.yaml") if file.name != "kustomization.yaml"
    )
    assert [image["name"] for image in found["images"]] == ["cvms"]
    assert all(set(image) == {"name", "newTag"} for image in found["images"])


def test_no_secret_is_among_them_and_no_map_holds_one():
    assert not of_kind("Secret")
    for document in of_kind("ConfigMap"):
        assert all(isinstance(value, str) for value in document["data"].values())
        assert not [key for key in document["data"] if re.search("KEY|PASSWORD|DATABASE|SMTP", key)]


@each_pod
def test_a_pod_is_nobody_and_has_no_rights_in_the_cluster(name, template):
    spec = template["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] >= 10_000
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()


@each
def test_a_container_can_gain_nothing_and_write_only_where_it_must(container):
    context = container.raw["securityContext"]
    assert context["readOnlyRootFilesystem"] is True
    assert context["allowPrivilegeEscalation"] is False
    assert context["capabilities"] == {"drop": ["ALL"]}
    assert {"/var/lib/cvms", "/tmp"} <= {mount["mountPath"] for mount in container.raw["volumeMounts"]}
    assert container.environment.get("CVMS_HOME", "/var/lib/cvms") == "/var/lib/cvms"


@each_pod
def test_every_mount_has_its_volume(name, template):
    mounted = {mount["name"] for container in template["spec"]["containers"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in template["spec"]["volumes"]}


@each
def test_a_container_asks_for_what_it_needs_and_is_bounded(container):
    resources = container.raw["resources"]
    assert {"cpu", "memory"} <= resources["requests"].keys()
    assert "memory" in resources["limits"]


@pytest.mark.parametrize("name", ["cvms-web", "cvms-worker"])
def test_a_deployment_has_several_replicas_and_finds_its_pods(name):
    spec = deployment(name)["spec"]
    labels = spec["template"]["metadata"]["labels"]
    assert spec["replicas"] >= 2
    assert matches(labels, spec["selector"])
    [budget] = [one for one in of_kind("PodDisruptionBudget") if one["metadata"]["name"] == name]
    assert matches(labels, budget["spec"]["selector"])
    assert budget["spec"]["minAvailable"] < spec["replicas"]


def test_the_service_leads_to_the_web():
    [service] = of_kind("Service")
    template = deployment("cvms-web")["spec"]["template"]
    assert service["spec"]["selector"].items() <= template["metadata"]["labels"].items()
    [port] = service["spec"]["ports"]
    assert port["targetPort"] in ports(template)


def ports(template):
    return {port["name"]: port["containerPort"] for port in template["spec"]["containers"][0].get("ports", [])}


@pytest.mark.parametrize("name", ["cvms-web", "cvms-worker"])
def test_ports_agree(name):
    template = deployment(name)["spec"]["template"]
    [container] = [one for one in kubernetes_containers() if one.name == name.removeprefix("cvms-")]
    known = ports(template)
    assert str(known["metrics"]) == container.environment["CVMS_METRICS_PORT"]
    assert template["metadata"]["annotations"]["prometheus.io/port"] == container.environment["CVMS_METRICS_PORT"]
    bound = [part for part in container.command if part.startswith("0.0.0.0:")]
    assert bound == ([f"0.0.0.0:{known['http']}"] if "http" in known else [])


def test_the_probes_ask_pages_that_there_are(app):
    pages = {rule.rule for rule in app.url_map.iter_rules()} | {"/metrics"}
    for container in kubernetes_containers():
        probes = {key: probe["httpGet"] for key, probe in container.raw.items() if key.endswith("Probe")}
        known = {port["name"] for port in container.raw.get("ports", [])}
        assert all(probe["path"] in pages and probe["port"] in known for probe in probes.values())
        assert bool(probes) is (container.name in {"web", "worker"})
    [web] = [one.raw for one in kubernetes_containers() if one.name == "web"]
    assert web["livenessProbe"]["httpGet"]["path"] == "/healthz/live"
    assert web["readinessProbe"]["httpGet"]["path"] == "/healthz/ready"


def test_a_replica_answers_what_it_began_before_it_ends():
    spec = deployment("cvms-web")["spec"]["template"]["spec"]
    [web] = spec["containers"]
    first = int(web["lifecycle"]["preStop"]["exec"]["command"][1])
    graceful = int(web["command"][web["command"].index("--graceful-timeout") + 1])
    assert spec["terminationGracePeriodSeconds"] > first + graceful
    assert deployment("cvms-web")["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert deployment("cvms-worker")["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > 2


def test_jobs_end_and_backups_never_overlap():
    [job] = of_kind("Job")
    assert job["spec"]["template"]["spec"]["restartPolicy"] == "Never"
    assert job["spec"]["ttlSecondsAfterFinished"] > 0
    [backup] = of_kind("CronJob")
    assert backup["spec"]["concurrencyPolicy"] == "Forbid"
    assert backup["spec"]["timeZone"] == "Etc/UTC"


def test_metrics_are_closed_to_all_but_the_monitoring():
    guarded = [policy["spec"] for policy in of_kind("NetworkPolicy")]
    for _, template in PODS:
        assert any(matches(template["metadata"]["labels"], policy["podSelector"]) for policy in guarded)
    for policy in guarded:
        for rule in policy["ingress"]:
            if {"port": "metrics"} in rule["ports"]:
                assert rule["ports"] == [{"port": "metrics"}]
                assert "monitoring" in str(rule["from"])


def test_every_secret_that_is_referred_to_is_named_in_the_docs():
    text = (KUBERNETES.parents[1] / "docs" / "operations.md").read_text()
    for container in kubernetes_containers():
        for entry in container.raw.get("env", []):
            if container.environment[entry["name"]] is REFERENCE:
                reference = entry["valueFrom"]["secretKeyRef"]
                assert f"`{reference['name']}`" in text
                assert f"`{reference['key']}`" in text
