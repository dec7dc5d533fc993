/** Packages that have a fake here, under their names: the real ones bring a phone's tool chain. */
export const EXPO_PACKAGES: readonly string[] = [
  "react-native",
  "expo-constants",
  "expo-linking",
  "expo-network",
  "expo-web-browser",
];
