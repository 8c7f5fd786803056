import CoreMetrics
import Testing

@testable import OrchObservability

@Suite struct OrchMetricsTests {
    @Test func `Every declared metric is in the text from the start`() throws {
        let exposition = try Exposition(PrometheusRegistry().render())
        #if os(Linux)
        #expect(exposition.families.map(\.name) == OrchMetrics.all.map(\.name).sorted())
        #expect((exposition.value("process_open_fds") ?? 0) > 0)
        #endif
        #expect(exposition.value("orch_receipts_total") == 0)
        #expect(exposition.value("orch_receipt_commit_seconds_count") == 0)
        for descriptor in OrchMetrics.all {
            let family = exposition.family(descriptor.name)
            #expect(family?.help == descriptor.help)
            #expect(family?.type == descriptor.kind.rawValue)
        }
    }

    @Test func `Names, labels and buckets of the table are in order`() {
        #expect(Set(OrchMetrics.all.map(\.name)).count == OrchMetrics.all.count)
        #expect(Set(OrchMetrics.all.map(\.source)).count == OrchMetrics.all.count)
        for descriptor in OrchMetrics.all {
            #expect(PrometheusName.metric(descriptor.name) == descriptor.name)
            #expect(descriptor.labels.allSatisfy { PrometheusName.label($0) == $0 })
            #expect(descriptor.buckets == descriptor.buckets.sorted())
            #expect((descriptor.kind == .histogram) == !descriptor.buckets.isEmpty)
            // The one name that others have fixed without its unit.
            guard descriptor.name != "orch_router_shadow_mismatch" else { continue }
            #expect((descriptor.kind == .counter) == descriptor.name.hasSuffix("_total"))
            #expect(descriptor.help.hasSuffix("."))
        }
    }

    @Test func `Without process statistics there are no process metrics`() throws {
        let exposition = try Exposition(PrometheusRegistry(statistics: { nil }).render())
        #expect(!exposition.families.contains { $0.name.hasPrefix("process_") })
    }

    @Test func `Process metrics show what the statistics say at the time of the scrape`() throws {
        let statistics = ProcessStatistics(
            cpuSeconds: 1.25, residentBytes: 4096, openDescriptors: 7, maximumDescriptors: 1024,
            startTimeSeconds: 1_700_000_000.5, threads: 3)
        let exposition = try Exposition(PrometheusRegistry(statistics: { statistics }).render())
        #expect(exposition.value("process_cpu_seconds_total") == 1.25)
        #expect(exposition.value("process_resident_memory_bytes") == 4096)
        #expect(exposition.value("process_open_fds") == 7)
        #expect(exposition.value("process_max_fds") == 1024)
        #expect(exposition.value("process_start_time_seconds") == 1_700_000_000.5)
        #expect(exposition.value("process_threads") == 3)
        let unlimited = try Exposition(
            PrometheusRegistry(statistics: {
                var statistics = statistics
                statistics.maximumDescriptors = nil
                return statistics
            }).render())
        #expect(unlimited.value("process_max_fds") == .infinity)
    }

    @Test func `Requests are counted by template, method and status class, and only what happened is shown`() throws {
        let registry = PrometheusRegistry(statistics: { nil })
        let metrics = RequestMetrics(registry: registry, routes: ["/health", "/v1/chat/completions"], methods: ["GET"])
        #expect(try Exposition(registry.render()).family("orch_requests_total")?.samples.isEmpty == true)
        metrics.record(route: 0, method: 0, status: 200, duration: .milliseconds(3))
        metrics.record(route: 0, method: 0, status: 204, duration: .milliseconds(4))
        metrics.record(route: 1, method: 9, status: 429, duration: .seconds(1))
        metrics.record(route: RequestMetrics.other, method: RequestMetrics.other, status: 0, duration: .seconds(-1))
        metrics.recordError(route: 1, type: "rate_limit_error", code: "rate_limited")
        let exposition = try Exposition(registry.render())
        #expect(exposition.family("orch_requests_total")?.samples.count == 3)
        #expect(exposition.value("orch_requests_total", ["route": "/health", "method": "GET", "status": "2xx"]) == 2)
        let chat = ["route": "/v1/chat/completions", "method": "other"]
        #expect(exposition.value("orch_requests_total", chat.merging(["status": "4xx"]) { $1 }) == 1)
        #expect(exposition.value("orch_request_latency_seconds_sum", chat) == 1)
        let other = ["route": "other", "method": "other"]
        #expect(exposition.value("orch_requests_total", other.merging(["status": "other"]) { $1 }) == 1)
        #expect(exposition.value("orch_request_latency_seconds_count", other) == 1)
        let health = ["route": "/health", "method": "GET"]
        #expect(exposition.value("orch_request_latency_seconds_sum", health) == 0.007)
        let error = ["route": "/v1/chat/completions", "type": "rate_limit_error", "code": "rate_limited"]
        #expect(exposition.value("orch_errors_total", error) == 1)
    }

    @Test(arguments: [
        (Duration.zero, Int64(0)), (.nanoseconds(1), 1), (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
        (.seconds(1) + .nanoseconds(5), 1_000_000_005),
    ]) func `Durations become nanoseconds without overflow`(duration: Duration, expected: Int64) {
        #expect(RequestMetrics.nanoseconds(duration) == expected)
    }
}
