import Foundation
import OrchTestSupport
import Testing

/// A Go program of the checkout, built with the packages that Debian has (golang-go, golang-golang-x-mod-dev).
///
/// It goes with the last reference to it; Go's own cache makes building it again quick.
struct GoProgram: Sendable {
    enum Source: String {
        /// Judges many cases, one a line.
        case oracle = "Tests/Oracles/receipts/verify.go"
        /// The program of docs/verify-receipts.md.
        case recipe = "examples/verify-receipts/verify.go"
    }

    private let folder: TemporaryFolder

    private static let packages = "/usr/share/gocode"
    static let isThere =
        Program.find("go") != nil
        && FileManager.default.fileExists(atPath: "\(packages)/src/golang.org/x/mod/sumdb/tlog")
    /// In CI the tests run all the same, and fail.
    static let isExpected = isThere || Checkout.isCI
    static let absence: Comment = "missing: go and golang.org/x/mod (apt install golang-go golang-golang-x-mod-dev)"

    init(building source: Source) async throws {
        guard Self.isThere, let go = Program.find("go") else { throw TestFailure(Self.absence.rawValue) }
        folder = try TemporaryFolder()
        let built = try await Program.run(
            go, ["build", "-o", folder.path("program"), Checkout.root.appending(path: source.rawValue).path],
            environment: ["GO111MODULE": "off", "GOPATH": Self.packages, "GOFLAGS": "", "CGO_ENABLED": "0"])
        guard built.status == 0 else { throw TestFailure("\(source.rawValue) does not build:\n\(built.errors)") }
    }

    func run(_ arguments: [String] = [], input: [UInt8] = []) async throws -> Program.Outcome {
        try await Program.run(folder.path("program"), arguments, input: input)
    }
}
