/// Bytes of a file that stay where they are for as long as this lives: a mapped file's.
///
/// `@unchecked Sendable`: the bytes are only read, and whoever gives them promises that nobody changes them.
package final class WeightBytes: @unchecked Sendable {
    /// All of them; valid while this lives.
    let bytes: UnsafeRawBufferPointer
    private let release: @Sendable () -> Void

    /// - Parameter release: Called once, when nothing needs the bytes any more.
    package init(_ bytes: UnsafeRawBufferPointer, release: @escaping @Sendable () -> Void) {
        self.bytes = bytes
        self.release = release
    }

    deinit { release() }
}
