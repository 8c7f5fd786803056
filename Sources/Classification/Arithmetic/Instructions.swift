import CEmbeddings

/// The instructions that labels are learnt and told apart with. The choice changes how long it takes, and no bit of any
/// result: tests and benchmarks make it.
package enum Instructions: String, Sendable, CaseIterable {
    case portable
    case sse2
    case avx2
    case avx512 = "avx512vnni"
    case neon

    /// The fastest that this processor has.
    package static let best = allCases.first { $0.path == cem_best_path() } ?? .portable

    /// Whether this processor and this build have it.
    package var isAvailable: Bool { cem_path_is_available(path) }

    var path: cem_path {
        switch self {
        case .portable: CEM_PORTABLE
        case .sse2: CEM_SSE2
        case .avx2: CEM_AVX2
        case .avx512: CEM_AVX512
        case .neon: CEM_NEON
        }
    }
}
