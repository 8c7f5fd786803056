import CEmbeddings

/// The memory of one pass at a time.
///
/// Used by one thread at a time: ``WorkspacePool`` hands it out.
final class BERTWorkspace: @unchecked Sendable {
    let rows: UnsafeMutablePointer<Float>
    /// Of the width of three rows, or of an inner row, whichever is more.
    let wide: UnsafeMutablePointer<Float>
    let added: UnsafeMutablePointer<Float>
    let integers: UnsafeMutablePointer<Int16>
    let scales: UnsafeMutablePointer<Float>
    let attention: UnsafeMutablePointer<Float>

    init(_ configuration: BERTConfiguration, tokens: Int) {
        let widest = max(3 * configuration.width, configuration.innerWidth)
        rows = .allocate(capacity: tokens * configuration.width)
        wide = .allocate(capacity: tokens * widest)
        added = .allocate(capacity: tokens * configuration.width)
        integers = .allocate(capacity: tokens * max(configuration.width, configuration.innerWidth))
        scales = .allocate(capacity: tokens)
        attention = .allocate(
            capacity: cem_attention_scratch(tokens, configuration.width / configuration.heads))
    }

    deinit {
        rows.deallocate()
        wide.deallocate()
        added.deallocate()
        integers.deallocate()
        scales.deallocate()
        attention.deallocate()
    }
}
