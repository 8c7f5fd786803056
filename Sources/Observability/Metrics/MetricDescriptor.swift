/// What a metric is, declared once: its exposed name, kind, help text, label names and buckets.
package struct MetricDescriptor: Sendable {
    /// The three kinds that the text format gives a type to and that we use.
    package enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// The name in the exposition, for example `orch_requests_total`.
    package let name: String
    /// The label that swift-metrics callers ask for; the same as `name` unless it is an OpenTelemetry name with dots.
    package let source: String
    package let kind: Kind
    package let help: String
    /// Label names in the order of documentation. An empty list makes the series exist, with 0, from the start.
    package let labels: [String]
    /// Upper bounds, ascending, without `+Inf`; seconds where the name ends in `_seconds`. Empty for other kinds.
    package let buckets: [Double]

    package init(
        _ name: String, source: String? = nil, _ kind: Kind, labels: [String] = [], buckets: [Double] = [], help: String
    ) {
        self.name = name
        self.source = source ?? name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.buckets = kind == .histogram && buckets.isEmpty ? MetricBuckets.latency : buckets
    }
}

/// Bucket bounds for histograms.
package enum MetricBuckets {
    /// Seconds of a request: from a cached answer (1 ms) to a long generation (2 min).
    package static let latency: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
    ]
    /// Parts of a whole.
    package static let ratio: [Double] = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1]
    /// Seconds of a storage commit: from 50 µs to 2.5 s.
    package static let commit: [Double] = [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    ]
    /// Numbers of things, by powers of two.
    package static let count: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
    /// Tokens, as OpenTelemetry recommends for `gen_ai.client.token.usage`: powers of four.
    package static let tokens: [Double] = [
        1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
    ]
    /// Seconds, as OpenTelemetry recommends for `gen_ai.client.operation.duration`.
    package static let operation: [Double] = [
        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
    ]
    /// Seconds, as OpenTelemetry recommends for `gen_ai.server.time_to_first_token`.
    package static let firstToken: [Double] = [
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ]
}
