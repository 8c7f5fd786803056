/// The table of every metric that the program declares. Dashboards and alert rules may name these and no others.
package enum OrchMetrics {
    package static let all: [MetricDescriptor] = http + models + domain + governance + openTelemetry + backend + process

    static let requests = MetricDescriptor(
        "orch_requests_total", .counter, labels: ["route", "method", "status"],
        help: "HTTP requests answered, by route template, method and status class.")
    static let requestLatency = MetricDescriptor(
        "orch_request_latency_seconds", .histogram, labels: ["route", "method"], buckets: MetricBuckets.latency,
        help: "Seconds from the request's head to the end of its answer.")
    static let errors = MetricDescriptor(
        "orch_errors_total", .counter, labels: ["route", "type", "code"],
        help: "Error answers, by route template, error type and code.")

    static let http = [
        requests, requestLatency, errors,
        MetricDescriptor(
            "orch_auth_failures_total", .counter, labels: ["reason"], help: "Requests whose credentials were refused."),
        MetricDescriptor(
            "orch_rate_limited_total", .counter, labels: ["scope"], help: "Requests refused by a rate limit, by scope."),
    ]

    static let models = [
        MetricDescriptor(
            "orch_llm_attempts_total", .counter, labels: ["provider", "outcome"],
            help: "Calls of a model provider, retries included, by outcome."),
        MetricDescriptor(
            "orch_llm_circuit_state", .gauge, labels: ["provider", "model"],
            help: "State of the circuit breaker: 0 closed, 1 half open, 2 open."),
        MetricDescriptor("orch_llm_restarts_total", .counter, help: "Restarts of the managed model process."),
        MetricDescriptor(
            "orch_egress_total", .counter, labels: ["outcome"],
            help: "Outbound connections considered by the egress policy, by outcome."),
    ]

    static let domain = [
        MetricDescriptor(
            "orch_tier_transition_total", .counter, labels: ["tier"],
            help: "Conversations that entered a token tier, by the tier entered."),
        MetricDescriptor(
            "orch_token_utilization_ratio", .histogram, buckets: MetricBuckets.ratio,
            help: "The part of ORCH_MAX_TOKENS that a request to a model used, what was left out aside."),
        MetricDescriptor(
            "orch_pruning_events_total", .counter, labels: ["summary_added", "summary_forced"],
            help: "Requests that turns were left out of, by whether a summary took their place."),
        MetricDescriptor(
            "orch_summary_generation_latency_seconds", .histogram, buckets: MetricBuckets.commit,
            help: "Seconds to sum up what was left out of a request."),
        MetricDescriptor(
            "orch_semantic_truncation_delta_tokens", .histogram, buckets: MetricBuckets.count,
            help: "Tokens that the cut of an agent's prompt gave up to end at a boundary."),
        MetricDescriptor(
            "orch_route_decisions_total", .counter, labels: ["reason"], help: "Routing decisions, by reason."),
        MetricDescriptor(
            "orch_intent_decisions_total", .counter, labels: ["tier", "outcome"],
            help: "Decisions of the intent router, by tier and outcome."),
        MetricDescriptor(
            "orch_intent_cache_total", .counter, labels: ["outcome"],
            help: "Looks into the intent router's cache: hit or miss."),
        MetricDescriptor(
            "orch_router_shadow_total", .counter, help: "Decisions that the intent router made while it only watched."),
        MetricDescriptor(
            "orch_router_shadow_mismatch", .counter,
            help: "Those of them that would have run another tool, or needed a human where the plain router did not."),
        MetricDescriptor(
            "orch_semantic_router_total", .counter, labels: ["outcome"],
            help: "Looks at a text's meaning: ok, or why it says nothing."),
        MetricDescriptor(
            "orch_semantic_router_seconds", .histogram, buckets: MetricBuckets.commit,
            help: "Seconds to look at a text's meaning, embedding included."),
        MetricDescriptor(
            "orch_tool_executions_total", .counter, labels: ["tool", "status"], help: "Tool executions, by status."),
        MetricDescriptor(
            "orch_sandbox_starts_total", .counter, labels: ["backend"],
            help: "Programs that have run in the sandbox, by what it is made of; `none` is without."),
        MetricDescriptor(
            "orch_sandbox_run_seconds", .histogram, buckets: MetricBuckets.latency,
            help: "Seconds from the start of a program in the sandbox to its end."),
        MetricDescriptor(
            "orch_sandbox_ends_total", .counter, labels: ["end"],
            help: "Programs in the sandbox that ended: exit, timeout, or the limit that they reached."),
        MetricDescriptor(
            "orch_sandbox_kills_total", .counter,
            help: "Programs that were killed: of time, output, memory or processor time."),
        MetricDescriptor("orch_sandbox_refused_total", .counter, help: "Programs that the sandbox did not start."),
        MetricDescriptor(
            "orch_output_guard_total", .counter, labels: ["outcome"],
            help: "Answers of models that a guard looked at, by outcome."),
        MetricDescriptor(
            "orch_policy_reload_total", .counter, labels: ["file", "outcome"],
            help: "Reloads of a policy file, by the file's role and outcome."),
        MetricDescriptor(
            "orch_receipt_commit_seconds", .histogram, buckets: MetricBuckets.commit,
            help: "Seconds to commit one batch of receipts."),
        MetricDescriptor(
            "orch_receipt_batch_size", .histogram, buckets: MetricBuckets.count, help: "Receipts in one commit."),
        MetricDescriptor("orch_receipt_log_size", .gauge, help: "Leaves of the receipts' log."),
        MetricDescriptor("orch_receipts_total", .counter, help: "Receipts committed to the log."),
    ]

    static let governance = [
        MetricDescriptor(
            "orch_policy_decisions_total", .counter, labels: ["outcome"],
            help: "Calls that the tool policy was asked about, by outcome; would_deny where it is not enforced."),
        MetricDescriptor(
            "orch_tool_approvals_total", .counter, labels: ["outcome"],
            help: "Approvals issued, claimed, ended and refused, by outcome."),
        MetricDescriptor(
            "orch_hitl_reviews_total", .counter, labels: ["outcome"],
            help: "Reviews that began, were decided or ended, by outcome."),
        MetricDescriptor("orch_hitl_queue_depth", .gauge, help: "Reviews that wait for a human."),
        MetricDescriptor(
            "orch_hitl_oldest_age_seconds", .gauge, help: "Age of the review that waits longest; 0 where none does."),
        MetricDescriptor(
            "orch_webhook_deliveries_total", .counter, labels: ["outcome"],
            help: "Deliveries to the webhook, by outcome."),
    ]

    /// Names and attributes of OpenTelemetry's GenAI conventions, exposed by its rules for Prometheus:
    /// dots become underscores, the unit of seconds is a suffix, a unit in braces is not.
    static let openTelemetry = [
        MetricDescriptor(
            "gen_ai_client_token_usage", source: "gen_ai.client.token.usage", .histogram,
            labels: ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "gen_ai_token_type"],
            buckets: MetricBuckets.tokens, help: "Input and output tokens used by one operation."),
        MetricDescriptor(
            "gen_ai_client_operation_duration_seconds", source: "gen_ai.client.operation.duration", .histogram,
            labels: ["error_type", "gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model"],
            buckets: MetricBuckets.operation, help: "Seconds that one operation of a model provider took."),
        MetricDescriptor(
            "gen_ai_server_time_to_first_token_seconds", source: "gen_ai.server.time_to_first_token", .histogram,
            labels: ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model"],
            buckets: MetricBuckets.firstToken, help: "Seconds until the first token of a successful answer."),
    ]

    static let overflow = MetricDescriptor(
        "orch_metrics_overflow_total", .counter, labels: ["metric"],
        help: "Look-ups of a metric that were given its overflow series, because it has too many series.")
    static let conflicts = MetricDescriptor(
        "orch_metrics_conflicts_total", .counter,
        help: "Look-ups of a metric that were refused, because the name is taken by another kind.")

    static let backend = [overflow, conflicts]
}
