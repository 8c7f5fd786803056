/// Counts HTTP requests without allocating: every handle is made beforehand.
///
/// A series shows in the text from its first request on. `route` and `method` are indices into the lists given at the
/// start; anything else counts as `other`, so that nothing a client sends becomes a label.
package struct RequestMetrics: Sendable {
    /// The index for a path that no route matched, or a method that is not listed.
    package static let other = -1
    private static let classes = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"]

    private let registry: PrometheusRegistry
    private let routes: [String]
    private let methodCount: Int
    private let counters: [CounterSeries]
    private let latencies: [HistogramSeries]

    /// - Parameters:
    ///   - routes: Route templates, never paths; more than about 50 meet the limit of series.
    ///   - methods: The methods to tell apart.
    package init(registry: PrometheusRegistry, routes: [String], methods: [String]) {
        self.registry = registry
        self.routes = routes + ["other"]
        let methods = methods + ["other"]
        methodCount = methods.count
        var counters: [CounterSeries] = []
        var latencies: [HistogramSeries] = []
        for route in self.routes {
            for method in methods {
                latencies.append(registry.histogram(OrchMetrics.requestLatency, [route, method]))
                for status in Self.classes {
                    counters.append(registry.counter(OrchMetrics.requests, [route, method, status]))
                }
            }
        }
        self.counters = counters
        self.latencies = latencies
    }

    /// Counts one answered request.
    package func record(route: Int, method: Int, status: Int, duration: Duration) {
        let row = (routes.indices.contains(route) ? route : routes.count - 1) * methodCount
        let cell = row + (method >= 0 && method < methodCount ? method : methodCount - 1)
        let statusClass = status >= 100 && status < 600 ? status / 100 : 0
        counters[cell * Self.classes.count + statusClass].increment()
        latencies[cell].recordNanoseconds(Self.nanoseconds(duration))
    }

    /// Counts one error answer by its `type` and `code`, which are words of ours. Takes a look-up.
    package func recordError(route: Int, type: String, code: String) {
        let template = routes.indices.contains(route) ? routes[route] : "other"
        registry.counter(OrchMetrics.errors, [template, type, code], retention: .permanent).increment()
    }

    static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowOfSum) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || overflowOfSum ? (seconds < 0 ? .min : .max) : sum
    }
}

extension PrometheusRegistry {
    /// The counter of a declared metric, by label values in the declared order.
    func counter(
        _ descriptor: MetricDescriptor, _ values: [String], retention: MetricFamily.Retention = .permanentHidden
    ) -> CounterSeries {
        let found = series(
            descriptor, Array(zip(descriptor.labels, values)), accepts: [.counter], retention: retention)
        return found as? CounterSeries ?? CounterSeries(name: found.name, labels: found.labels)
    }

    /// The histogram of a declared metric, by label values in the declared order.
    func histogram(_ descriptor: MetricDescriptor, _ values: [String]) -> HistogramSeries {
        let found = series(
            descriptor, Array(zip(descriptor.labels, values)), accepts: [.histogram], retention: .permanentHidden)
        return found as? HistogramSeries ?? HistogramSeries(detached: found.name)
    }
}
