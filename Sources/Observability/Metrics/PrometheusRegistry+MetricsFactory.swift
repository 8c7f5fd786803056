package import CoreMetrics

extension PrometheusRegistry: MetricsFactory {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        let series = series(descriptor(for: label, kind: .gauge), dimensions, accepts: [.gauge])
        return series as? GaugeSeries ?? GaugeSeries(name: series.name, labels: series.labels)
    }

    /// A histogram where `aggregate`, else a gauge; a declared metric is what it is declared to be.
    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        let descriptor = descriptor(for: label, kind: aggregate ? .histogram : .gauge)
        let series = series(descriptor, dimensions, accepts: [.gauge, .histogram])
        return series as? any RecorderHandler ?? GaugeSeries(name: series.name, labels: series.labels)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let descriptor = descriptor(for: label, kind: .histogram, suffix: "_seconds")
        let series = series(descriptor, dimensions, accepts: [.histogram])
        return series as? HistogramSeries ?? HistogramSeries(detached: series.name)
    }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
        let descriptor = descriptor(for: label, kind: .counter, suffix: "_total")
        let series = series(descriptor, dimensions, accepts: [.counter])
        return series as? CounterSeries ?? CounterSeries(name: series.name, labels: series.labels)
    }

    package func destroyCounter(_ handler: any CounterHandler) { release(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { release(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { release(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { release(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { release(handler) }
}
