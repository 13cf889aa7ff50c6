export { TerraformDelivery, type TerraformDeliveryOptions } from './terraform/terraform-delivery';
