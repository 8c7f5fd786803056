import CoreMetrics
import Synchronization
import Testing

@testable import OrchObservability

/// Holds a task until a second one runs on another thread: alone, none could lose an update.
private final class StartGate: Sendable {
    private let running = Atomic(0)

    func wait() {
        running.wrappingAdd(1, ordering: .relaxed)
        let deadline = ContinuousClock.now + .seconds(2)
        while running.load(ordering: .relaxed) < 2, ContinuousClock.now < deadline {}
    }
}

@Suite struct PrometheusRegistryTests {
    private func empty(limit: Int = 2000) -> PrometheusRegistry {
        PrometheusRegistry(descriptors: [], seriesLimit: limit, statistics: { nil })
    }

    private func text(_ registry: PrometheusRegistry) -> String { String(decoding: registry.render(), as: UTF8.self) }

    @Test func `A counter is one line below its help and type`() {
        let registry = PrometheusRegistry(
            descriptors: [MetricDescriptor("jobs_total", .counter, labels: ["kind"], help: "Jobs \\ done.\nAll.")],
            statistics: { nil })
        registry.makeCounter(label: "jobs_total", dimensions: [("kind", "a")]).increment(by: 3)
        #expect(
            text(registry).hasPrefix(
                """
                # HELP jobs_total Jobs \\\\ done.\\nAll.
                # TYPE jobs_total counter
                jobs_total{kind="a"} 3

                """))
    }

    @Test func `Counters get the suffix _total once`() throws {
        let registry = empty()
        registry.makeCounter(label: "a.b-c", dimensions: []).increment(by: 1)
        registry.makeCounter(label: "d_total", dimensions: []).increment(by: 1)
        let exposition = try Exposition(registry.render())
        #expect(exposition.value("a_b_c_total") == 1)
        #expect(exposition.value("d_total") == 1)
    }

    @Test func `Integer and fractional increments of one counter add up, and it never goes down`() throws {
        let registry = empty()
        let whole = registry.makeCounter(label: "x", dimensions: [])
        let fraction = registry.makeFloatingPointCounter(label: "x", dimensions: [])
        whole.increment(by: 2)
        whole.increment(by: -7)
        fraction.increment(by: 0.5)
        for bad in [-1.0, .nan, .infinity] { fraction.increment(by: bad) }
        #expect(try Exposition(registry.render()).value("x_total") == 2.5)
        whole.reset()
        #expect(try Exposition(registry.render()).value("x_total") == 0)
    }

    @Test func `Meters move both ways and gauges keep the last value`() throws {
        let registry = empty()
        let meter = registry.makeMeter(label: "level", dimensions: [])
        meter.set(Int64(10))
        meter.increment(by: 2.5)
        meter.decrement(by: 20)
        registry.makeRecorder(label: "depth", dimensions: [], aggregate: false).record(Double.infinity)
        let exposition = try Exposition(registry.render())
        #expect(exposition.value("level") == -7.5)
        #expect(exposition.value("depth") == .infinity)
        #expect(exposition.family("level")?.type == "gauge")
    }

    @Test func `A timer takes nanoseconds and shows seconds, bounds inclusive`() throws {
        let registry = PrometheusRegistry(
            descriptors: [MetricDescriptor("t_seconds", source: "t", .histogram, buckets: [0.1, 1], help: "T.")],
            statistics: { nil })
        let timer = registry.makeTimer(label: "t", dimensions: [])
        for value: Int64 in [100_000_000, 100_000_001, 1_000_000_000, 2_500_000_000, -5] {
            timer.recordNanoseconds(value)
        }
        let exposition = try Exposition(registry.render())
        #expect(exposition.value("t_seconds_bucket", ["le": "0.1"]) == 2)
        #expect(exposition.value("t_seconds_bucket", ["le": "1"]) == 4)
        #expect(exposition.value("t_seconds_bucket", ["le": "+Inf"]) == 5)
        #expect(exposition.value("t_seconds_count") == 5)
        #expect(exposition.value("t_seconds_sum") == 3.700000001)
    }

    @Test func `A timer and a recorder of one declared metric share its series`() throws {
        let registry = PrometheusRegistry(statistics: { nil })
        let labels = [("gen_ai.provider.name", "local")]
        registry.makeTimer(label: "gen_ai.client.operation.duration", dimensions: labels)
            .recordNanoseconds(1_000_000_000)
        let recorder = registry.makeRecorder(
            label: "gen_ai.client.operation.duration", dimensions: labels, aggregate: true)
        recorder.record(0.5)
        recorder.record(Double.nan)
        let exposition = try Exposition(registry.render())
        let series = ["gen_ai_provider_name": "local"]
        #expect(exposition.value("gen_ai_client_operation_duration_seconds_count", series) == 2)
        #expect(exposition.value("gen_ai_client_operation_duration_seconds_sum", series) == 1.5)
    }

    @Test func `Label values survive whatever they hold`() throws {
        let registry = empty()
        let value = "a\\b\"c\nd{}=,# é 🙂"
        registry.makeCounter(label: "x", dimensions: [("l", value)]).increment(by: 1)
        registry.makeCounter(label: "x", dimensions: [("l", "nul\0bell\u{7}")]).increment(by: 1)
        registry.makeCounter(label: "x", dimensions: [("l", String(repeating: "é", count: 500))]).increment(by: 1)
        let exposition = try Exposition(registry.render())
        #expect(exposition.value("x_total", ["l": value]) == 1)
        #expect(exposition.value("x_total", ["l": "nul\u{FFFD}bell\u{FFFD}"]) == 1)
        #expect(exposition.value("x_total", ["l": String(repeating: "é", count: 128)]) == 1)
    }

    @Test(arguments: [
        ("a.b", "a_b"), ("9lives", "_9lives"), ("", "_"), ("ns:x", "ns_x"), ("größe", "gr__e"), ("__name__", "_name__"),
        ("le", "exported_le"), ("__le", "_le"),
    ]) func `Label names that Prometheus refuses are made acceptable`(name: String, expected: String) throws {
        #expect(PrometheusName.label(name) == expected)
        let registry = empty()
        registry.makeTimer(label: name, dimensions: [(name, "v")]).recordNanoseconds(1)
        let exposition = try Exposition(registry.render())
        #expect(exposition.families.contains { $0.samples.contains { $0.labels[expected] == "v" } })
    }

    @Test func `The order of labels does not matter, and the first of two equal names is kept`() throws {
        let registry = empty()
        let one = registry.makeCounter(label: "x", dimensions: [("b", "2"), ("a", "1")])
        let other = registry.makeCounter(label: "x", dimensions: [("a", "1"), ("b", "2"), ("a", "3")])
        #expect(one === other)
    }

    @Test func `Families and series come in a stable order`() throws {
        let registry = empty()
        for name in ["zeta", "alpha"] {
            for value in ["b", "c", "a"] {
                registry.makeCounter(label: name, dimensions: [("l", value)]).increment(by: 1)
            }
        }
        let exposition = try Exposition(registry.render())
        #expect(exposition.families.map(\.name) == exposition.families.map(\.name).sorted())
        #expect(exposition.family("alpha_total")?.samples.map { $0.labels["l"] } == ["a", "b", "c"])
        #expect(registry.render() == registry.render())
    }

    @Test func `Past the limit all further series are one, and look-ups of it are counted`() throws {
        let registry = empty(limit: 3)
        for index in 0..<10 {
            registry.makeCounter(label: "x", dimensions: [("user", "\(index)"), ("kind", "k")]).increment(by: 1)
        }
        let exposition = try Exposition(registry.render())
        #expect(exposition.family("x_total")?.samples.count == 4)
        #expect(exposition.value("x_total", ["user": "other", "kind": "other"]) == 7)
        #expect(exposition.value("orch_metrics_overflow_total", ["metric": "x_total"]) == 7)
        registry.makeCounter(label: "x", dimensions: [("user", "0"), ("kind", "k")]).increment(by: 1)
        registry.makeCounter(label: "x", dimensions: [("another", "0")]).increment(by: 1)
        let later = try Exposition(registry.render())
        #expect(later.value("x_total", ["user": "0", "kind": "k"]) == 2)
        #expect(later.value("x_total", ["user": "other", "kind": "other"]) == 8)
    }

    @Test func `The default limit is 2000 series`() throws {
        let registry = empty()
        for index in 0..<2100 { registry.makeMeter(label: "m", dimensions: [("i", "\(index)")]).set(Int64(1)) }
        let exposition = try Exposition(registry.render())
        #expect(exposition.family("m")?.samples.count == 2001)
        #expect(exposition.value("orch_metrics_overflow_total", ["metric": "m"]) == 100)
    }

    @Test func `A name of another kind works for its caller, is not shown and is counted`() throws {
        let registry = empty()
        registry.makeTimer(label: "job_seconds", dimensions: []).recordNanoseconds(1)
        registry.makeMeter(label: "job_seconds", dimensions: []).set(5.0)
        registry.makeMeter(label: "job_seconds_count", dimensions: []).set(5.0)
        registry.makeTimer(label: "orch_metrics_overflow_total", dimensions: []).recordNanoseconds(1)
        let exposition = try Exposition(registry.render())
        #expect(exposition.value("job_seconds_count") == 1)
        #expect(exposition.value("orch_metrics_conflicts_total") == 3)
    }

    @Test func `Names are bounded too`() throws {
        let registry = empty()
        for index in 0..<1100 { registry.makeMeter(label: "m\(index)", dimensions: []).set(Int64(1)) }
        let exposition = try Exposition(registry.render())
        #expect(exposition.families.count == PrometheusRegistry.familyLimit)
        #expect(exposition.value("orch_metrics_conflicts_total") == 102)
    }

    @Test func `A destroyed series goes when its last owner lets go`() throws {
        let registry = empty()
        let one = registry.makeCounter(label: "x", dimensions: [("l", "a")])
        let other = registry.makeCounter(label: "x", dimensions: [("l", "a")])
        one.increment(by: 1)
        registry.destroyCounter(one)
        #expect(try Exposition(registry.render()).value("x_total", ["l": "a"]) == 1)
        registry.destroyCounter(other)
        registry.destroyCounter(other)
        #expect(try Exposition(registry.render()).value("x_total", ["l": "a"]) == nil)
    }

    @Test func `Eight tasks lose no increment, no observation and no fraction`() async throws {
        let registry = empty()
        let counter = registry.makeCounter(label: "c", dimensions: [])
        let requests = registry.counter(OrchMetrics.requests, ["/", "GET", "2xx"])
        let timer = registry.makeTimer(label: "t", dimensions: [])
        let recorder = registry.makeRecorder(label: "r", dimensions: [], aggregate: true)
        let gate = StartGate()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    gate.wait()
                    // One kind after the other: a tight loop is where a lost update shows.
                    for _ in 0..<1_000_000 { counter.increment(by: 1) }
                    for _ in 0..<1_000_000 { requests.increment() }
                    for index in 0..<100_000 { timer.recordNanoseconds(Int64(index) * 1000) }
                    for _ in 0..<100_000 { recorder.record(0.5) }
                }
            }
            group.addTask { for _ in 0..<20 { _ = registry.render() } }
        }
        let exposition = try Exposition(registry.render())
        #expect(exposition.value("c_total") == 8_000_000)
        #expect(requests.value == 8_000_000)
        #expect(exposition.value("t_seconds_count") == 800_000)
        #expect(exposition.value("t_seconds_sum") == 8 * 99_999 * 100_000 / 2 / 1e6)
        #expect(exposition.value("r_count") == 800_000)
        #expect(exposition.value("r_sum") == 400_000)
    }

    @Test func `Tasks that look up the same series at once get the same one`() async throws {
        let registry = empty(limit: 50)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for index in 0..<1000 {
                        registry.makeCounter(label: "c", dimensions: [("i", "\(index % 40)")]).increment(by: 1)
                    }
                }
            }
        }
        let exposition = try Exposition(registry.render())
        #expect(exposition.family("c_total")?.samples.map(\.value) == Array(repeating: 200, count: 40))
    }

    @Test(arguments: [
        (0.1 + 0.2, "0.30000000000000004"), (5, "5"), (-0.5, "-0.5"), (1e300, "1e+300"), (.nan, "NaN"),
        (-.infinity, "-Inf"), (9_007_199_254_740_992, "9007199254740992.0"), (0.00005, "5e-05"),
    ]) func `Numbers are short and exact`(value: Double, expected: String) {
        #expect(PrometheusText.number(value) == expected)
    }
}
