// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "my-server",
    platforms: [.macOS(.v15)],
    dependencies: [
        // In a project of your own: the repository's URL and an exact version.
        .package(name: "orchestrators", path: "../..")
    ],
    targets: [
        .executableTarget(
            name: "my-server", dependencies: [.product(name: "Orchestrators", package: "orchestrators")])
    ]
)
