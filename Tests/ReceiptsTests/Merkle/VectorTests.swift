import Foundation
import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

/// The archive of vectors from transparency-dev, beside the checkout.
@Suite("The archive of vectors", .enabled(if: SharedData.isThere, SharedData.absence))
struct VectorTests {
    /// Runs every case of a folder.
    ///
    /// - Returns: How many there were, and those on which verdict and vector differ.
    static func run(_ folder: String, _ verify: (JSONObject) -> Bool) async throws -> (count: Int, faults: [String]) {
        let place = try TemporaryFolder()
        let archive = SharedData.folder.appending(path: "merkle-testdata.tar.gz").path
        let unpacked = try await Program.run("/usr/bin/tar", ["-xzf", archive, "-C", place.path])
        try #require(unpacked.status == 0, "\(unpacked.errors)")
        let base = URL(filePath: place.path("testdata/\(folder)"))
        let found = try #require(FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil))
        var count = 0
        var faults: [String] = []
        for case let file as URL in found.allObjects where file.pathExtension == "json" {
            let vector = try #require(try JSONValue(parsing: Array(Data(contentsOf: file))).objectValue)
            guard let isWrong = vector["wantErr"]?.boolValue else { throw TestFailure("\(file.path) has no verdict") }
            count += 1
            if verify(vector) == isWrong { faults.append("\(file.path): \(isWrong ? "accepted" : "refused")") }
        }
        return (count, faults)
    }

    private static func hash(_ value: JSONValue?) -> MerkleHash? {
        value?.stringValue.flatMap { MerkleHash(base64: $0) }
    }

    /// Some of the roots are words; their hashes are as equal, or as different, as they are.
    private static func root(_ value: JSONValue?) -> MerkleHash? {
        guard let bytes = value?.stringValue.flatMap({ Base64.decode($0) }) else { return nil }
        return MerkleHash(bytes) ?? .sha256(bytes)
    }

    /// nil where one of the hashes is none.
    private static func proof(_ value: JSONValue?) -> [MerkleHash]? {
        let hashes = (value?.arrayValue ?? []).map(hash)
        return hashes.contains(nil) ? nil : hashes.compactMap(\.self)
    }

    /// What cannot be said in our types (a hash of another length, an index beyond 63 bits) is refused.
    @Test("98 cases of inclusion")
    func inclusion() async throws {
        let (count, faults) = try await Self.run("inclusion") { vector in
            guard let index = vector["leafIdx"]?.intValue, let size = vector["treeSize"]?.intValue,
                let leaf = Self.hash(vector["leafHash"]), let root = Self.hash(vector["root"]),
                let proof = Self.proof(vector["proof"])
            else { return false }
            return MerkleProof.verifyInclusion(of: leaf, at: index, treeSize: size, root: root, proof: proof)
        }
        #expect(count == 98)
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }

    /// From size 0 nothing can be shown, and so it is refused: as the vectors want it.
    @Test("98 cases of consistency")
    func consistency() async throws {
        let (count, faults) = try await Self.run("consistency") { vector in
            guard let first = vector["size1"]?.intValue, let second = vector["size2"]?.intValue,
                let firstRoot = Self.root(vector["root1"]), let secondRoot = Self.root(vector["root2"]),
                let proof = Self.proof(vector["proof"])
            else { return false }
            return MerkleProof.verifyConsistency(
                from: first, to: second, firstRoot: firstRoot, secondRoot: secondRoot, proof: proof)
        }
        #expect(count == 98)
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }
}
